"""What every API endpoint shares: who asks, what they may do, how pages and refusals read."""

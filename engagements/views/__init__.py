"""Pages of customers and engagements."""

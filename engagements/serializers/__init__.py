"""The rows of this app as the API writes and reads them."""

"""The demo workspaces: invented companies with a year of use that tells a story worth reading."""

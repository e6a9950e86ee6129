"""Words for numbers: sentences, labels, tiles and table rows of a measure."""

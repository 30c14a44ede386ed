"""Pages of fulfilment: from the settlement of the district to money paid and what follows it."""

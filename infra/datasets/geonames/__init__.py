"""GeoNames: its dumps as places, its alternate names as names."""

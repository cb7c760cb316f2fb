"""The integration under Home Assistant, against a `charley serve` of the project's own."""

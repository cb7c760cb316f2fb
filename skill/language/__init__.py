"""What people say, as data made usable: grammars, numbers and normalising."""

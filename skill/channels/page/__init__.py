"""The page: the same conversation in a browser, to read in large letters and to answer by touch or by keyboard."""

"""The doctor's report: what is remembered of the cramps, on one page, as text, HTML, PDF or FHIR."""

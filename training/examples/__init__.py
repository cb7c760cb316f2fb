"""How people talk: what they said at each question, and what it means; `README.md` tells origin and conventions."""

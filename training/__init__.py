"""How the acoustic model in `skill/listening/model/` is made: recordings in, a Vosk model directory out."""

"""The machine underneath: child processes, clock, resources, PortAudio, systemd."""

"""Earlier cramps: kept on this machine only, so that Charley can ask how it went, see what returns, and forget it."""

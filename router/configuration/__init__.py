"""Reading, checking and showing the settings: a file, what it refers to, and the environment."""

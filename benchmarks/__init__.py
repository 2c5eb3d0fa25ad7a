"""How fast, how small and how quick to start Nightlight is, beside the stock starter of Rasa, measured in one run."""

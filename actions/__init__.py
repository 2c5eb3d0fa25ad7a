"""Nightlight's custom actions: thin. They read the context and the library, say words, return events and commands.

No I/O and no clock of their own: what an answer needs comes in the message's metadata (`bot.turns.Context`).
One file a topic, the same topic names as in data/ and bot/content/.
"""

"""Nightlight: a support chatbot for people in recovery from heroin and other opioids."""

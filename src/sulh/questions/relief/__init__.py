"""Relief: what people in a disaster need, and which registered teams could give it."""

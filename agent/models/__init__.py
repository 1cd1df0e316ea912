"""Models on disk: the default LLM, the registry of fine-tuned ones, their cards, the slot head."""

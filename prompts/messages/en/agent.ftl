# What the agent says of itself.

nothing-found = I found nothing to answer that with; say help for what I can do

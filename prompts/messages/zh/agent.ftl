# What the agent says of itself.

nothing-found = 我没有找到可以回答的内容；输入 help 看看我能做什么

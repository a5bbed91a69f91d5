"""The page of a dialogue: how its rounds went, who moved the plan, and why."""

"""The domain of a Funnel Reality Check: no page logic, no HTTP."""

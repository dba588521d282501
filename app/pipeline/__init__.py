"""Pure rules: states, stages, the graph, outcomes, retry, how evidence becomes records. No I/O."""

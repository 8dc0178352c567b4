// There is one map of branches, and what is taken by others would be counted too.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

from hypothesis import settings

# A shared machine may pause any example; time is measured by the benchmarks, not here.
settings.register_profile("adoption", deadline=None)
settings.load_profile("adoption")

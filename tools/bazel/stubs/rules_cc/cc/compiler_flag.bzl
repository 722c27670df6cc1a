"""Stub: a rule that carries no information."""

def _empty_impl(_ctx):
    return []

compiler_flag = rule(implementation = _empty_impl)

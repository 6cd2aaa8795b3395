"""Demand control: what an operation costs, estimated before it runs, counted after. Source: IBM, "Cost Directives"."""

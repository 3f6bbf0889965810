"""Working groups as organizers keep them, and their chairs, who say how they are named.

`keeping` the form, order and state; `chairing` the chairs' own say; `publishing` what is public; `unnaming` names that
go.
"""

"""Network flows: what security groups, NSGs, network ACLs and NetworkPolicies allow, as sets that can be compared."""

subscription_id = "00000000-0000-0000-0000-000000000001"
tenant_id       = "00000000-0000-0000-0000-00000000000a"
domain_name     = "api.tripgen.example"

subnet_prefixes = {
  application = "10.0.1.0/24"
  database    = "10.0.2.0/24"
  cache       = "10.0.3.0/24"
  gateway     = "10.0.4.0/24"
}

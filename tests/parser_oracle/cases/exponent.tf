# Exponents, and texts that look like them.
locals {
  large    = 25E2
  small    = 1e-3
  plus     = 1e+3
  fraction = 1.5e2
  list     = [1e3, "1e3", 2]
  text     = "id-1e3 ${var.x} 2e5"
  name1e3  = 4
}

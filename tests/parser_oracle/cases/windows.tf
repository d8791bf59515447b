locals {
  a = 1
  b = "x"
  c = <<-EOT
    one
      two
  EOT
}

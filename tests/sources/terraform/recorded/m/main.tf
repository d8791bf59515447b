variable "x" { default = 5 }
output "out" { value = var.x }

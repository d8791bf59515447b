variable "opt" {
  type = object({ a = string, b = optional(number, 7), c = optional(string), d = optional(object({ e = optional(bool, true) }), {}) })
  default = { a = 1 }
}
variable "lst" {
  type = list(object({ n = string, p = optional(number, 80) }))
  default = [{ n = "x" }, { n = "y", p = "81", extra = 1 }]
}
variable "defaulted" {
  type = list(string)
  default = [1, 2]
}
variable "nn" {
  type = string
  nullable = false
  default = "dflt"
}
variable "obj_any" {
  type = any
  default = { a = [1, "b"] }
}
variable "set_default" {
  type = set(string)
  default = ["z", "a", "z"]
}
variable "fromvars" {}
variable "fromauto" { type = number }
variable "mapnum" {
  type = map(number)
  default = { a = "1" }
}
module "m" {
  source = "./m"
}
module "c" {
  count = 2
  source = "./m"
  x = count.index
}
module "e" {
  for_each = { a = 1, b = 2 }
  source = "./m"
  x = "${each.key}-${each.value}"
}
locals {
  key = "k"
  list = [{ a = [1, 2] }, { a = [3] }]
  nested = [[1, 2], [3]]
  obj = { list = [{ a = 1 }, { a = 2 }], s = "x" }
  tricky = { for k, v in { a = { n = 1 }, b = { n = 2 } } : k => merge(v, { m = v.n + 1 }) if v.n > 1 }
  missing_attr_try = try(local.obj.zzz.yyy, "fallback")
  h1 = <<EOT
plain ${local.key}
  indented

end
EOT
  h2 = <<-EOT
    indented ${local.key}
      more

    ${local.key} start
    end
    EOT
  h3 = <<-EOT
    %{ for i in ["a", "b"] ~}
    item ${i}
    %{ endfor ~}
    done
  EOT
  h4 = <<-EOT
    x
    %{~ if true }
      yes
    %{~ endif }
    z
  EOT
  h5 = <<-EOT
      a
    ${~ local.key ~}
      b \n "q" $${x} %%{y}
  EOT
  h6 = <<EOT
EOT
  h7 = <<-EOT
	tab
	  tab2
  EOT
}

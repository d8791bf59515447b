# What cannot be written on one line of the console, and typed variables.

locals {
  heredoc_plain = <<EOT
first
  second
third
EOT

  heredoc_indented = <<-EOT
    first
      second
    third
  EOT

  heredoc_interpolation = <<EOT
sum: ${1 + 2}
list: ${join(",", ["a", "b"])}
EOT

  heredoc_directives = <<EOT
%{ for name in ["a", "b"] }
server ${name}
%{ endfor }
EOT

  heredoc_trimmed = <<EOT
%{ for name in ["a", "b"] ~}
server ${name}
%{ endfor ~}
EOT

  heredoc_escapes = <<EOT
$${not} %%{this} \n \" \\ $ %
EOT

  heredoc_empty = <<EOT
EOT

  heredoc_blank_lines = <<-EOT
    a

    b

  EOT

  heredoc_mixed_indent = <<-EOT
      six
    four
        eight
  EOT

  heredoc_json = <<EOT
{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "*"}]
}
EOT

  heredoc_for_list = <<-EOT
    %{ for index, name in ["a", "b"] ~}
    ${index}: ${name}
    %{ endfor ~}
  EOT

  heredoc_if_else = <<-EOT
    start
    %{ if 1 > 2 ~}
    greater
    %{ else ~}
    not greater
    %{ endif ~}
    end
  EOT

  heredoc_indented_interpolation = <<-EOT
    a: ${"x"}
      b: ${"multi\n  line"}
    ${"c"}: d
  EOT

  heredoc_indented_directives = <<-EOT
    %{ if true }
    yes
    %{ endif }
  EOT

  heredoc_crlf_free = <<EOT
one${"\r\n"}two
EOT

  heredoc_in_list = [<<EOT
in a list
EOT
    , "next"]

  heredoc_in_call = upper(<<EOT
in a call
EOT
  )

  heredoc_marker_text = <<EOT
EOT is only the end on a line of its own
 EOT2
EOT

  heredoc_quotes = <<EOT
"double" 'single' `back`
EOT

  heredoc_unicode = <<-EOT
    한국어 텍스트
      이모지 👍🏽
  EOT

  heredoc_trim_markers = <<EOT
a
  ${~ "b" ~}
  c
EOT

  heredoc_nested_for = <<EOT
%{ for outer in ["x", "y"] ~}
%{ for inner in [1, 2] ~}
${outer}${inner}
%{ endfor ~}
%{ endfor ~}
EOT

  heredoc_trailing_spaces = <<-EOT
    a  
    b	
  EOT

  multi_line_object = {
    a = 1
    b = 2, c = 3
    "d" : 4
    e = {
      f = [
        1,
        2
      ]
    }
  }

  multi_line_list = [
    1,
    "two", # with a comment
    3,
  ]

  multi_line_conditional = (
    1 > 2
    ? "greater"
    : "not greater"
  )

  multi_line_for = {
    for key, value in { a = 1, b = 2, c = 3 } :
    upper(key) => value * 2
    if value > 1
  }

  multi_line_call = merge(
    { a = 1 },
    {
      b = 2
    },
  )

  # one
  // two
  /* three
     four */
  commented = [1, /* inside */ 2] # behind

  operators_over_lines = (1 +
    2 *
  3)

  environment = "production"
  names       = ["web", "db", "cache"]
  numbers     = [3, 1, 2]
  servers = [
    { name = "a", zone = "z1", ports = [80, 443] },
    { name = "b", zone = "z2", ports = [22] },
    { name = "c", zone = "z1", ports = [] },
  ]
  zones = { z1 = { cidr = "10.0.1.0/24" }, z2 = { cidr = "10.0.2.0/24" } }
  mixed = [1, "a", null, true]
  deep  = { a = { b = { c = [{ d = "found" }] } } }

  tags        = { Environment = local.environment, Name = "onno-${local.environment}" }
  merged_tags = merge(local.tags, { Name = "other", Zone = local.names[0] })

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [for name in local.names : { Effect = "Allow", Resource = "arn:aws:s3:::${name}" }]
  })

  template_text = "Hello $${name}, %%{ for x in items }<$${x}>%%{ endfor }"
}

variable "text" {
  type    = string
  default = 5
}

variable "amount" {
  type    = number
  default = "7.50"
}

variable "flag" {
  type    = bool
  default = "true"
}

variable "list_of_text" {
  type    = list(string)
  default = [1, true, "a"]
}

variable "set_of_numbers" {
  type    = set(number)
  default = [3, "1", 2, 3]
}

variable "map_of_text" {
  type    = map(string)
  default = { a = 1, b = true }
}

variable "anything" {
  type    = any
  default = { a = [1, "x"] }
}

variable "untyped" {
  default = [1, "x"]
}

variable "list_of_any" {
  type    = list(any)
  default = [1, "x"]
}

variable "pair" {
  type    = tuple([string, number])
  default = [1, "2"]
}

variable "database" {
  type = object({
    name     = string
    multi_az = optional(bool, true)
    size     = optional(number)
    backup = optional(object({
      days   = optional(number, 7)
      window = optional(string, "03:00-04:00")
    }), {})
    tags = optional(map(string), {})
  })
  default = { name = "onno", extra = "dropped", size = "20" }
}

variable "database_with_backup" {
  type = object({
    name   = string
    backup = optional(object({ days = optional(number, 7), window = optional(string) }))
  })
  default = { name = "onno", backup = { window = "05:00-06:00" } }
}

variable "database_with_null" {
  type = object({
    name     = optional(string, "unnamed")
    multi_az = optional(bool, true)
  })
  default = { name = null, multi_az = false }
}

variable "services" {
  type = map(object({
    port     = number
    protocol = optional(string, "tcp")
    paths    = optional(list(string), ["/"])
  }))
  default = { web = { port = "443" }, dns = { port = 53, protocol = "udp", paths = [] } }
}

variable "rules" {
  type    = list(object({ port = number, cidrs = optional(set(string), ["10.0.0.0/8"]) }))
  default = [{ port = 1 }, { port = "2", cidrs = ["b", "a", "b"] }, { port = 3, cidrs = null }]
}

variable "nothing" {
  type    = string
  default = null
}

variable "null_list" {
  type    = list(string)
  default = null
}

variable "secret" {
  type      = string
  sensitive = true
  default   = "hidden"
}

variable "map_of_any" {
  type    = map(any)
  default = { a = 1, b = "x" }
}

variable "nested_list" {
  type    = list(list(number))
  default = [["1"], [], [2, "3"]]
}

variable "set_of_objects" {
  type    = set(object({ name = string, size = number }))
  default = [{ name = "b", size = 2 }, { name = "a", size = 10 }, { name = "b", size = "2" }]
}

locals {
  plain = <<EOT
first
  second

  third
EOT
  indented = <<-EOT
      six
    four

        eight
    EOT
  json = <<-JSON
    {"a": [1, 2, "$${x}"], "b": "back\slash \n stays"}
  JSON
  empty = <<EOT
EOT
  tabs = <<-EOT
	one
		two
	EOT
  in_list = [<<A
x
A
    , "y"]
}

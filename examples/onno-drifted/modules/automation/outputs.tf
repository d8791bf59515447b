output "function_names" {
  value = { for key, function in module.function : key => function.function_name }
}

locals {
  blocked_countries = ["CN", "RU"]
}

resource "azurerm_web_application_firewall_policy" "main" {
  name                = "waf-${local.name_suffix}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  tags                = local.tags

  policy_settings {
    mode                        = "Detection"
    request_body_check          = true
    max_request_body_size_in_kb = 128
    file_upload_limit_in_mb     = 20
  }

  managed_rules {
    managed_rule_set {
      type    = "OWASP"
      version = "3.2"

      # Alone it would stop itineraries that quote prices; the anomaly score still counts it.
      rule_group_override {
        rule_group_name = "REQUEST-942-APPLICATION-ATTACK-SQLI"

        rule {
          id      = "942430"
          enabled = true
          action  = "Log"
        }
      }
    }

    managed_rule_set {
      type    = "Microsoft_BotManagerRuleSet"
      version = "1.1"
    }
  }

  # Requests come from Front Door, so the client is the address in X-Forwarded-For.
  custom_rules {
    name                 = "RateLimiting"
    priority             = 10
    rule_type            = "RateLimitRule"
    action               = "Block"
    rate_limit_duration  = "OneMin"
    rate_limit_threshold = 100
    group_rate_limit_by  = "ClientAddrXFFHeader"

    match_conditions {
      operator     = "BeginsWith"
      match_values = ["/"]

      match_variables {
        variable_name = "RequestUri"
      }
    }
  }

  custom_rules {
    name      = "GeoBlocking"
    priority  = 20
    rule_type = "MatchRule"
    action    = "Block"

    match_conditions {
      operator     = "GeoMatch"
      match_values = local.blocked_countries

      match_variables {
        variable_name = "RemoteAddr"
      }
    }
  }

  custom_rules {
    name      = "OnlyFrontDoor"
    priority  = 30
    rule_type = "MatchRule"
    action    = "Block"

    match_conditions {
      operator           = "Equal"
      negation_condition = true
      match_values       = [azurerm_cdn_frontdoor_profile.main.resource_guid]

      match_variables {
        variable_name = "RequestHeaders"
        selector      = "X-Azure-FDID"
      }
    }
  }
}

resource "azurerm_cdn_frontdoor_firewall_policy" "main" {
  name                = "wafafd${local.compact_name}"
  resource_group_name = azurerm_resource_group.main.name
  sku_name            = azurerm_cdn_frontdoor_profile.main.sku_name
  mode                = "Prevention"
  tags                = local.tags

  # The edge sees the real address of a client.
  custom_rule {
    name     = "GeoBlocking"
    type     = "MatchRule"
    priority = 10
    action   = "Block"

    match_condition {
      match_variable = "RemoteAddr"
      operator       = "GeoMatch"
      match_values   = local.blocked_countries
    }
  }

  managed_rule {
    type    = "Microsoft_DefaultRuleSet"
    version = "2.1"
    action  = "Block"
  }
}

resource "azurerm_cdn_frontdoor_security_policy" "main" {
  name                     = "waf"
  cdn_frontdoor_profile_id = azurerm_cdn_frontdoor_profile.main.id

  security_policies {
    firewall {
      cdn_frontdoor_firewall_policy_id = azurerm_cdn_frontdoor_firewall_policy.main.id

      association {
        patterns_to_match = ["/*"]

        domain {
          cdn_frontdoor_domain_id = azurerm_cdn_frontdoor_endpoint.main.id
        }

        domain {
          cdn_frontdoor_domain_id = azurerm_cdn_frontdoor_custom_domain.main.id
        }
      }
    }
  }
}

#!/bin/sh
# Starts the stack on this server with the secrets of staging.
set -eu
secret() {
  aws secretsmanager get-secret-value --secret-id "staging/$1" --query SecretString --output text
}
export APP_DB_PASSWORD="$(secret app-db-password)"
export REDIS_AUTH_TOKEN="$(secret redis-token)"
export JWT_SECRET_STAGING="$(secret jwt)"
aws ecr get-login-password --region ap-northeast-2 | docker login --username AWS --password-stdin "$ECR_REGISTRY"
docker compose -f docker-compose.staging.yml pull
docker compose -f docker-compose.staging.yml up -d --wait

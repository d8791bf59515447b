#!/usr/bin/env bash
# Returns to the version before: ./scripts/rollback.sh production app [--emergency]
# Only the application goes back; migrations are written so that the version before still runs on them.
set -euo pipefail

cluster=knowledge-cluster
service=knowledge-service

[ "${1:-}" = production ] || { echo "only production can be rolled back" >&2; exit 64; }
[ "${2:-}" = app ] || { echo "only the part app can be rolled back" >&2; exit 64; }

emergency=no
if [ "${3:-}" = --emergency ]; then
  emergency=yes
fi

current=$(aws ecs describe-services --cluster "$cluster" --services "$service" \
  --query 'services[0].taskDefinition' --output text)
previous=$(aws ecs list-task-definitions --family-prefix knowledge-database --status ACTIVE --sort DESC \
  --query 'taskDefinitionArns[1]' --output text)

if [ "$emergency" = no ]; then
  read -r -p "Replace $current by $previous? [y/N] " answer
  [ "$answer" = y ] || exit 1
fi

aws ecs update-service --cluster "$cluster" --service "$service" --task-definition "$previous" --force-new-deployment
aws ecs wait services-stable --cluster "$cluster" --services "$service"

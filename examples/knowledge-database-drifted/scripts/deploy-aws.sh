#!/usr/bin/env bash
# Deploys the knowledge database: ./scripts/deploy-aws.sh production migrate|push|deploy|status
set -euo pipefail

cluster=knowledge-cluster
service=knowledge-service
image=knowledge-database

usage() {
  echo "usage: $0 production migrate|push|deploy|status" >&2
  exit 64
}

[ "$#" -eq 2 ] || usage
environment=$1
step=$2
[ "$environment" = production ] || usage

version=${VERSION:-v1.0.0}

registry() {
  aws ecr describe-repositories --repository-names "$image" --query 'repositories[0].repositoryUri' --output text
}

case "$step" in
  migrate)
    network=$(aws ecs describe-services --cluster "$cluster" --services "$service" \
      --query 'services[0].networkConfiguration' --output json)
    task=$(aws ecs run-task --cluster "$cluster" --launch-type FARGATE --task-definition knowledge-database \
      --network-configuration "$network" --query 'tasks[0].taskArn' --output text \
      --overrides '{"containerOverrides":[{"name":"knowledge-database","command":["alembic","upgrade","head"]}]}')
    aws ecs wait tasks-stopped --cluster "$cluster" --tasks "$task"
    code=$(aws ecs describe-tasks --cluster "$cluster" --tasks "$task" \
      --query 'tasks[0].containers[0].exitCode' --output text)
    test "$code" = 0
    ;;
  push)
    uri=$(registry)
    aws ecr get-login-password | docker login --username AWS --password-stdin "${uri%%/*}"
    docker tag "$image:$version" "$uri:$version"
    docker push "$uri:$version"
    ;;
  deploy)
    aws ecs update-service --cluster "$cluster" --service "$service" --task-definition knowledge-database
    aws ecs wait services-stable --cluster "$cluster" --services "$service"
    ;;
  status)
    aws ecs describe-services --cluster "$cluster" --services "$service" \
      --query 'services[0].{desired:desiredCount,running:runningCount,deployments:deployments[].rolloutState}'
    ;;
  *)
    usage
    ;;
esac

"""The target ecs: an application as services of Amazon ECS on Fargate."""

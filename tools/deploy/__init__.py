"""Deploys the template to an AWS account: checked beforehand, built for what it runs on, and proven afterwards."""

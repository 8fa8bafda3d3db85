"""A linter for US medical claims, standing on a dated and cited book of coding facts."""

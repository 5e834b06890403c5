# frozen_string_literal: true

require_relative "lib/jekyll-affilink/version"

Gem::Specification.new do |spec|
  spec.name = "jekyll-affilink"
  spec.version = Jekyll::Affilink::VERSION
  spec.authors = ["The affilink authors"]
  spec.summary = "Turns merchant links of a Jekyll site into your affiliate links, and lints them"
  spec.licenses = ["MIT", "Apache-2.0"]
  spec.files = Dir["lib/**/*.rb"] + ["README.md"]
  spec.required_ruby_version = ">= 2.7"
  spec.metadata = { "rubygems_mfa_required" => "true" }
  spec.add_dependency "jekyll", ">= 4.0", "< 5.0"
end

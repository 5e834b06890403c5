# frozen_string_literal: true

require "json"

module Jekyll
  module Affilink
    # What a page's front matter says under `affilink`, told to whoever reads the page as HTML.
    module Switch
      HEAD = /
        \A\uFEFF?
        (?: \s | <!--.*?--> | <!doctype[^>]*> | <\?[^>]*> | <html\b(?:[^>"']|"[^"]*"|'[^']*')*> )*
        (?: <head\b(?:[^>"']|"[^"]*"|'[^']*')*> )?
        # the encoding has to stand within the first 1,024 bytes
        (?: \s*<meta\b[^>]*charset[^>]*> )?
      /mix
      ESCAPES = { "&" => "&amp;", "<" => "&lt;", ">" => "&gt;", '"' => "&quot;" }.freeze

      module_function

      # The HTML `page` with the tag for `said` at the start of its head; without a head at its own start.
      def with(page, said)
        return page if page.nil? || said.nil?

        # a page may be written in any encoding
        content = JSON.generate(said).gsub(/[&<>"]|[^\x00-\x7F]/) { |char| ESCAPES.fetch(char) { "&##{char.ord};" } }
        page.sub(HEAD) { |start| %(#{start}<meta name="affilink" content="#{content}">) }
      end
    end
  end
end

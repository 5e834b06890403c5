# frozen_string_literal: true

# affilink in Jekyll: sources are checked before the site is rendered, the site is rewritten when it is written. Both ask the
# program once, whatever the number of pages.

require "jekyll"
require "json"
require "open3"
require_relative "jekyll-affilink/switch"
require_relative "jekyll-affilink/version"

module Jekyll
  # Thin: which links become what is the program's to decide.
  module Affilink
    LEVELS = { "error" => :error, "warn" => :warn, "info" => :info }.freeze
    KEYS = %w[bin config enabled fail_on manifest].freeze
    FAIL_ON = %w[error warn info never].freeze

    # That of a site, made anew where its settings were read anew.
    def self.run(site)
      runs = (@runs ||= {}.compare_by_identity)
      run = runs[site]
      runs[site] = run = Run.new(site) unless run && run.options == (site.config["affilink"] || {})
      run
    end

    # The program over the site of a `Jekyll::Site`; options stand under `affilink` in `_config.yml`.
    class Run
      attr_reader :options

      def initialize(site)
        @site = site
        @options = site.config["affilink"] || {}
        unknown = @options.keys - KEYS
        failure("`affilink.#{unknown.first}` is no option; there are #{KEYS.join(", ")}") unless unknown.empty?
        failure("`affilink.fail_on` is one of #{FAIL_ON.join(", ")}") unless FAIL_ON.include?(fail_on)
      end

      def enabled?
        @options.fetch("enabled", true)
      end

      # Reads the configuration, before anything is rendered or written.
      def prove
        out, = run("filter", "--config-files")
        files = out.lines(chomp: true)
        stamps = files.to_h { |path| [path, File.mtime(path)] }
        # a server copies a file again only where that file changed
        StaticFile.reset_cache unless stamps == @stamps
        @stamps = stamps
      end

      # Leaves the configuration out of the site, also where `exclude` does not name it, which would keep `jekyll serve` from
      # seeing changes of it.
      def leave_out_config
        @site.static_files.reject! { |file| file.path == @stamps.keys.first }
      end

      # Has files that are only copied copied again, also by `--incremental`, where the configuration changed.
      def follow_copied
        changed = @stamps.keys.select { |file| @site.regenerator.modified?(file) }
        @site.static_files.each { |file| @site.regenerator.force(file.path) } unless changed.empty?
      end

      # Has a page rendered again, by `--incremental`, when the configuration changes.
      def follow(page)
        path = page.is_a?(Page) ? @site.in_source_dir(page.relative_path) : page.path
        @stamps.each_key { |file| @site.regenerator.add_dependency(path, file) }
      end

      # Shows what the linter finds in the Markdown that is published, each at the user's line.
      def check
        level = fail_on == "never" ? [] : ["--fail-on", fail_on]
        pages = (@site.pages + @site.documents).map { |page| @site.in_source_dir(page.relative_path) }
        listed = pages.select { |path| File.file?(path) && !path.include?("\n") }.join("\n")
        out, status = run("check", ".", "--format", "json", "--as", "built", "--include", "**/*.{md,markdown}",
                          "--pages-from", "-", *level, told: listed)
        JSON.parse(out).fetch("findings").each do |finding|
          where = finding.values_at("path", "line", "column").join(":")
          Jekyll.logger.public_send(LEVELS.fetch(finding["level"]), "Affilink:", "#{where}: #{finding["message"]} [#{finding["rule"]}]")
        end
        failure("findings at or over `#{fail_on}`, see above") if fail_on != "never" && status == 1
      end

      # Rewrites the site. A page that would be refused is an error before the first one is written.
      def build
        record = @options["manifest"] ? ["--manifest", @options["manifest"]] : []
        out, = run("build", @site.dest, "--in-place", "--all-or-nothing", *record) { |said| with_sources(said) }
        out.each_line(chomp: true) { |line| Jekyll.logger.info "Affilink:", line }
      end

      private

      def fail_on
        @options.fetch("fail_on", "never")
      end

      # What the program printed, and 0 or 1; anything else it ends with is a failure.
      def run(*arguments, told: "")
        named = @options["config"] ? ["--config", @options["config"]] : []
        out, said, status = Open3.capture3(program, *arguments, "--color", "never", *named,
                                           stdin_data: told, chdir: @site.source)
        code = status.exitstatus
        # what stopped a build stands in its summary; what a check prints there is for machines
        texts = arguments.include?("--format") ? [said] : [out, said]
        unless [0, 1].include?(code)
          message = texts.map(&:strip).reject(&:empty?).join("\n")
          failure(block_given? ? yield(message) : message)
        end
        [out, code]
      rescue SystemCallError => e
        failure("cannot run `#{program}`: #{e.message}")
      end

      # What was said of pages, with the user's files that they are made of.
      def with_sources(message)
        folder = "#{@site.dest}/"
        sources = (@site.pages + @site.documents).to_h { |page| [page.destination(@site.dest).delete_prefix(folder), page.relative_path] }
        message.gsub(/^error: (.+?)(?=: )/) { |start| sources[$1] ? "#{start} (made of `#{sources[$1]}`)" : start }
      end

      # The option, AFFILINK_BIN, the one on PATH.
      def program
        [["`affilink.bin`", @options["bin"]], ["AFFILINK_BIN", ENV.fetch("AFFILINK_BIN", nil)]].each do |name, value|
          next if value.nil? || value.empty?

          return found(value) || failure("#{name} names `#{value}`, which is no program that can be run")
        end
        found("affilink") || failure("the program `affilink` is missing: install it so that it is on PATH " \
                                     "(`cargo install affilink`), or name it in the variable AFFILINK_BIN")
      end

      def found(name)
        return File.expand_path(name, @site.source).then { |path| path if runs?(path) } if name.include?("/")

        endings = Gem.win_platform? ? [".exe", ""] : [""]
        folders = ENV.fetch("PATH", "").split(File::PATH_SEPARATOR)
        folders.product(endings).map { |folder, ending| File.join(folder, name + ending) }.find { |path| runs?(path) }
      end

      def runs?(path)
        File.file?(path) && File.executable?(path)
      end

      # Without a backtrace: Jekyll ends with Ruby's own, and where a plugin noticed it helps nobody to mend a configuration.
      def failure(message)
        raise Jekyll::Errors::FatalException, "affilink: #{message}", []
      end
    end
  end
end

# once a build, and again whenever `jekyll serve` rebuilds
Jekyll::Hooks.register :site, :after_reset do |site|
  run = Jekyll::Affilink.run(site)
  run.prove if run.enabled?
end

Jekyll::Hooks.register :site, :post_read do |site|
  run = Jekyll::Affilink.run(site)
  if run.enabled?
    run.leave_out_config
    run.follow_copied
    run.check
  end
end

Jekyll::Hooks.register %i[documents pages], :pre_render do |page|
  run = Jekyll::Affilink.run(page.site)
  run.follow(page) if run.enabled?
end

# behind whatever else waits for the pages
Jekyll::Hooks.register %i[documents pages], :post_render, priority: :low do |page|
  if Jekyll::Affilink.run(page.site).enabled? && page.output_ext == ".html"
    page.output = Jekyll::Affilink::Switch.with(page.output, page.data["affilink"])
  end
end

# behind whatever else waits for the files
Jekyll::Hooks.register :site, :post_write, priority: :low do |site|
  run = Jekyll::Affilink.run(site)
  run.build if run.enabled?
end

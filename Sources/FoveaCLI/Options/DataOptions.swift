public import ArgumentParser
public import Fovea

/// How folders of data are read.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What the folders in DATA are: classes, parts (train, validation, test), or what their names and contents say.",
      valueName: "layout"))
  var layout = FolderLayout.Choice.automatic
}

extension FolderLayout.Choice: ExpressibleByArgument {}

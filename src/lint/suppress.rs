//! What a page's author says is not to be reported: comments, attributes, front matter. Decides which findings they are
//! about.

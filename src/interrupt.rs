//! Signals that ask a run to end. Decides how a run learns of them; where it stops is the caller's affair, and so is
//! the exit code that it reports.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// A signal that asks the run to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Ctrl-C.
    Interrupt,
    /// A polite kill.
    Terminate,
}

impl Signal {
    /// What the process exits with after this signal: 128 and the signal's number, as shells report it.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Interrupt => 130,
            Self::Terminate => 143,
        }
    }
}

/// Whether somebody asked the run to end. Cheap to clone and to ask, from any thread.
///
/// Ask before each file is begun; a file that is being replaced is finished.
#[derive(Clone, Debug, Default)]
pub struct Interrupt {
    caught: Arc<AtomicUsize>,
}

impl Interrupt {
    /// Catches SIGINT and SIGTERM, and makes a write past the file-size limit an error instead of a kill (SIGXFSZ).
    ///
    /// A second signal of the same kind ends the process at once: every file is old or new at any moment.
    /// Errors: the system refuses the handler.
    pub fn install() -> io::Result<Self> {
        let interrupt = Self::default();
        interrupt.arm()?;
        Ok(interrupt)
    }

    /// What [`Self::install`] does, for one that was made before. Until then a signal ends the process, as it must where one
    /// waits for input and nothing would ask.
    pub fn arm(&self) -> io::Result<()> {
        for signal in [SIGINT, SIGTERM] {
            let again = Arc::new(AtomicBool::new(false));
            // the order counts: the shutdown looks at the flag before this signal sets it
            flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&again))?;
            flag::register(signal, again)?;
            flag::register_usize(signal, Arc::clone(&self.caught), signal.unsigned_abs() as usize)?;
        }
        // with any handler in place write(2) gives EFBIG
        #[cfg(unix)]
        flag::register(signal_hook::consts::SIGXFSZ, Arc::new(AtomicBool::new(false)))?;
        Ok(())
    }

    /// The signal caught last, if any.
    pub fn pending(&self) -> Option<Signal> {
        match self.caught.load(Ordering::Relaxed) {
            0 => None,
            number if number == SIGINT.unsigned_abs() as usize => Some(Signal::Interrupt),
            _ => Some(Signal::Terminate),
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use signal_hook::low_level::raise;

    #[test]
    fn a_signal_is_noticed_and_the_file_size_signal_ignored() {
        let interrupt = Interrupt::install().expect("handlers can be set");
        raise(signal_hook::consts::SIGXFSZ).expect("a signal to oneself");
        assert_eq!(interrupt.pending(), None);
        raise(SIGTERM).expect("a signal to oneself");
        assert_eq!(interrupt.pending(), Some(Signal::Terminate));
        raise(SIGINT).expect("a signal to oneself");
        assert_eq!(interrupt.pending(), Some(Signal::Interrupt));
        assert_eq!(interrupt.pending().map(Signal::exit_code), Some(130));
    }
}
